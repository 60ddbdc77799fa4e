/**
 * Stands in the bundle for the SDK's event streams, 15 KB that no call of ours uses: a client asks for these when it
 * is made, and never again.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/** Makes nothing: no call of ours has an event stream. */
export const eventStreamSerdeProvider = (): undefined => undefined;

/** Is never made: no call of ours has an event stream. */
export class EventStreamSerde {}
