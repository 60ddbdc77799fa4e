import type { APIGatewayProxyEvent } from 'aws-lambda';

const HEADERS = {
  Accept: 'application/json',
  'Content-Type': 'application/json',
  Host: 'abc123.execute-api.eu-central-1.amazonaws.com',
  'User-Agent': 'benchmark',
  'X-Amzn-Trace-Id': 'Root=1-6561f1a0-0123456789abcdef01234567',
  'X-Forwarded-For': '192.0.2.1',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

/** The event of a request for recovery, as API Gateway REST words it; another address for every number. */
export function recoveryEvent(number: number): APIGatewayProxyEvent {
  return {
    resource: '/recover-user',
    path: '/recover-user',
    httpMethod: 'POST',
    headers: HEADERS,
    multiValueHeaders: Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      authorizer: undefined,
      httpMethod: 'POST',
      path: '/production/recover-user',
      stage: 'production',
      resourceId: 'def456',
      resourcePath: '/recover-user',
      requestId: `request-${number}`,
      requestTime: '01/Dec/2026:12:00:00 +0000',
      requestTimeEpoch: 1_796_126_400_000,
      protocol: 'HTTP/1.1',
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: '192.0.2.1',
        user: null,
        userAgent: 'benchmark',
        userArn: null,
      },
    },
    body: JSON.stringify({ email: `user-${number}@example.com` }),
    isBase64Encoded: false,
  };
}
