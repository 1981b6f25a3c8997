// One clock for all processes of a machine: monotonic, in milliseconds with a fraction. Its zero is the machine's start.
export const moment = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
