/// <reference types="vite/client" />
/// <reference types="beyond-identity-user-recovery/vue" />
