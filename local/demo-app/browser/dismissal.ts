/** Returns the browser's error if the user canceled the ceremony, or if no credential on the device matches. */
export function toDismissal(error: unknown): DOMException | undefined {
  const cause = error instanceof Error && error.cause instanceof DOMException ? error.cause : error;
  return cause instanceof DOMException && cause.name === 'NotAllowedError' ? cause : undefined;
}
