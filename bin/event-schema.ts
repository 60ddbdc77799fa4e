import { writeFile } from 'node:fs/promises';
import { EVENT_SCHEMA_FILE, eventSchemaText } from './event-schema-document.ts';

await writeFile(EVENT_SCHEMA_FILE, eventSchemaText());
