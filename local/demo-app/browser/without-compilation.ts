import * as z from 'zod/mini';

// To find out whether it may compile its schemas, the library would try to, and the page's policy would report it.
z.config({ jitless: true });
