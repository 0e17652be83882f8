/** Counts of what a driver has done since it was created. In steady state only the first three grow. */
export interface Counters {
  dispatches: number;
  submits: number;
  /** Results copied to the host. */
  readBacks: number;
  buffers: number;
  bindGroups: number;
  pipelines: number;
}

export function newCounters(): Counters {
  return { dispatches: 0, submits: 0, readBacks: 0, buffers: 0, bindGroups: 0, pipelines: 0 };
}
