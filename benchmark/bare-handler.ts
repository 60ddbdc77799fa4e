import http from 'node:http';
import https from 'node:https';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const API_URL = process.env['BEYOND_IDENTITY_API_URL'] ?? '';
const transport = API_URL.startsWith('https:') ? https : http;
const agent = new transport.Agent({ keepAlive: true });

/** The baseline: one POST over a keep-alive connection, with a hard-coded token and without validation or logging. */
export function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { email } = JSON.parse(event.body ?? '');
  const body = JSON.stringify({ external_id: email, binding_token_delivery_method: 'email' });
  const headers = {
    authorization: 'Bearer simulated-api-token',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers };
    const request = transport.request(`${API_URL}/v1/manage/recover-user`, options, (response) => {
      response.resume();
      response.on('end', () => resolve({ statusCode: 202, headers: {}, body: '{}' }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
