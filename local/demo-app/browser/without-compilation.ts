import * as z from 'zod/mini';

// zod probes whether it may compile its schemas, and the page's content security policy would report the attempt.
z.config({ jitless: true });
