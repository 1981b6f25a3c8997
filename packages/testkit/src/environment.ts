// Where tests learn about the machine they run on. Everything else in this package takes values.

export interface TestEnvironment {
  /** Superuser URL of the server that the suites share. */
  readonly serverUrl: string | undefined;
  /** Another SQL tree than core's own (TEST_SQL_FOLDER): mutation checks break a copy. */
  readonly sqlFolder: string | undefined;
  /** Repeats a random run that failed (TEST_SEED). */
  readonly seed: number | undefined;
  /** Runs the minutes-long variants (TEST_LONG=1). */
  readonly long: boolean;
}

export function testEnvironment(env: NodeJS.ProcessEnv = process.env): TestEnvironment {
  return {
    serverUrl: env['TEST_PG_URL'],
    sqlFolder: env['TEST_SQL_FOLDER'],
    seed: env['TEST_SEED'] === undefined ? undefined : Number(env['TEST_SEED']),
    long: env['TEST_LONG'] === '1',
  };
}
