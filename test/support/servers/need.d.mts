type Kind = 'postgres' | 'temporal' | 'time-skipping' | 'bundle' | 'dist';

/** Makes available what is named, and says in the environment where it is. */
export function need(...kinds: Kind[]): Promise<void>;

/** Stops what was started. */
export function release(): Promise<void>;
