import { createApp, h } from 'vue';

const registerCredential = async (link: URL) => sessionStorage.setItem('registered link', link.href);

// what `:registerCredential.prop` compiles to
createApp(() =>
  h('complete-recovery', { 'authentication-urls': '/sign-in', '.registerCredential': registerCredential }),
).mount('main');

await import('beyond-identity-user-recovery/complete-recovery');
