// Which hosts nobody but this machine can reach.

/** 127.0.0.0/8, ::1 and localhost; names that are merely configured to point there are not taken on trust. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(host);
}
