// biome-ignore lint/performance/noBarrelFile: the entry of a bundle
export { Embedded } from '@beyondidentity/bi-sdk-js';
