/**
 * Points the AWS SDK of this process to emulators, by service. It reads endpoints and credentials from the environment, where a
 * developer's own may be set.
 */
export function pointAwsSdkTo(endpoints: Readonly<Record<`AWS_ENDPOINT_URL_${string}`, string>>): void {
  delete process.env['AWS_PROFILE'];
  delete process.env['AWS_SESSION_TOKEN'];
  Object.assign(process.env, {
    ...endpoints,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'simulated',
    AWS_SECRET_ACCESS_KEY: 'simulated',
  });
}
