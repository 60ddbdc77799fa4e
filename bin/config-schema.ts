import { writeFile } from 'node:fs/promises';
import { CONFIG_SCHEMA_FILE, configSchemaText } from '../lib/config/config-files.ts';

await writeFile(CONFIG_SCHEMA_FILE, configSchemaText());
