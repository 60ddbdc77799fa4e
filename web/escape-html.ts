/** Escapes a text for HTML content and for attribute values in double quotes. Single quotes stay as they are. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
