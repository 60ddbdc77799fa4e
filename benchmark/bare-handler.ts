import http from 'node:http';
import https from 'node:https';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const API_URL = process.env['BEYOND_IDENTITY_API_URL'] ?? '';
/** Hard-coded, as in no product: the floor reads no secret. */
const API_TOKEN = 'simulated-api-token';

const transport = API_URL.startsWith('https:') ? https : http;
const agent = new transport.Agent({ keepAlive: true });

/** The floor to compare with: one POST over a connection that is kept alive; nothing is checked, read or logged. */
export function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { email } = JSON.parse(event.body ?? '');
  const body = JSON.stringify({ external_id: email, binding_token_delivery_method: 'email' });
  return new Promise((resolve, reject) => {
    const request = transport.request(
      `${API_URL}/v1/manage/recover-user`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${API_TOKEN}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ statusCode: 202, headers: {}, body: '{}' }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
