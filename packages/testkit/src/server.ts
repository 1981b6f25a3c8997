// The server that test databases live on.
import { testEnvironment } from './environment.js';

/** TEST_PG_URL, set by Jest's global set-up; or a container, where that is asked for. */
export async function serverUrl(): Promise<string> {
  const { serverUrl: url, wantsContainer } = testEnvironment();
  if (wantsContainer) {
    const { containerUrl } = await import('./container.js');
    return containerUrl();
  }
  if (!url) throw new Error('TEST_PG_URL is not set: run tests through Jest, whose global set-up starts a server');
  return url;
}
