import { answerJson, readBody, startHttpServer } from '../local/http-server.ts';
import { RECOVER_USER_PATH } from '../local/recover-user-operation.ts';
import { startSecretsManager } from '../local/secrets-manager.ts';
import type { StandIns } from './stand-ins-process.ts';

const SECRET_ID = 'benchmark-api-token';
const USER = { internal_id: '0123456789abcdef', status: 'USER_STATUS_ACTIVE' };

/*
 * The function's outside world, in a process of its own so that its work does not count as the function's: Secrets
 * Manager, and a tenant to whom every user is known and who answers at once. Ends with the process that started it.
 */
let recoveries = 0;
const tenant = await startHttpServer(async (request, response) => {
  if (request.url === '/recoveries') return answerJson(response, 200, recoveries);
  await readBody(request, 4096);
  if (request.method !== 'POST' || request.url !== RECOVER_USER_PATH) return answerJson(response, 404, {});
  recoveries += 1;
  answerJson(response, 200, USER);
});
const secretsManager = await startSecretsManager();
secretsManager.put(SECRET_ID, JSON.stringify({ API_TOKEN: 'simulated-api-token' }));

process.on('disconnect', () => process.exit());
process.send?.({
  tenantUrl: tenant.url,
  secretsManagerUrl: secretsManager.url,
  secretId: SECRET_ID,
} satisfies StandIns);
