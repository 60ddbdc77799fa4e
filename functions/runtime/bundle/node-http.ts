/**
 * Stands in the bundle for `node:http`: importing that one into an ES module reads its every export, `WebSocket` among
 * them, which loads the whole of undici: 30 ms of every cold start, and 4 MiB, that nothing here needs.
 */
const http = process.getBuiltinModule('node:http');

export const { request, Agent, STATUS_CODES } = http;
export default http;
