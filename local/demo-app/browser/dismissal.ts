/** The browser's error when the user cancelled the ceremony, or when no credential on the device matches. */
export function dismissalBehind(error: unknown): DOMException | undefined {
  const cause = error instanceof Error && error.cause instanceof DOMException ? error.cause : error;
  return cause instanceof DOMException && cause.name === 'NotAllowedError' ? cause : undefined;
}
