export default async function globalTeardown() {
  await globalThis.__testPostgres?.stop('SIGQUIT'); // thrown away: nothing to flush
}
