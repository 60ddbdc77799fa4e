import { writeFile } from 'node:fs/promises';
import { OPENAPI_FILE, openApiDocument } from '../lib/api/openapi.ts';

await writeFile(OPENAPI_FILE, openApiDocument());
