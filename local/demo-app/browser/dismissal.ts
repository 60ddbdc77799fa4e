/** The browser's own error behind a ceremony that the person ended, or that no credential on the device was fit for. */
export function dismissalBehind(error: unknown): DOMException | undefined {
  const cause = error instanceof Error && error.cause instanceof DOMException ? error.cause : error;
  return cause instanceof DOMException && cause.name === 'NotAllowedError' ? cause : undefined;
}
