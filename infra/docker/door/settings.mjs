// What the door takes from its environment; the service behind it does not get to see it. NAME or, so that a secret is in no environment, the path of
// a file in NAME_FILE.
//
//   DOOR_PORT      8080   where the container listens, on all addresses
//   PORT           4000   where the service listens, on loopback; the same for every service, for there is one to a container
//   API_TOKEN      none   opens everything
//   METRICS_TOKEN  none   opens /health and /metrics
import { readFileSync } from 'node:fs';

const TOKEN_CHARS_MIN = 8;

function port(env, name, fallback) {
  const text = env[name] || String(fallback);
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
    throw new Error(`${name}=${text}: must be a port from 1 to 65535`);
  return Number(text);
}

function token(env, name) {
  const file = env[`${name}_FILE`];
  const text = (file ? readFileSync(file, 'utf8') : (env[name] ?? '')).trim();
  if (text === '' && !file) return null;
  if (!/^\S+$/.test(text) || text.length < TOKEN_CHARS_MIN) {
    throw new Error(`${file ? `${name}_FILE=${file}` : name}: a token is at least ${TOKEN_CHARS_MIN} characters without blanks`);
  }
  return text;
}

export function readSettings(env) {
  const {
    DOOR_PORT: _door,
    API_TOKEN: _api,
    API_TOKEN_FILE: _apiFile,
    METRICS_TOKEN: _metrics,
    METRICS_TOKEN_FILE: _metricsFile,
    ...rest
  } = env;
  const servicePort = port(env, 'PORT', 4000);
  return {
    doorPort: port(env, 'DOOR_PORT', 8080),
    servicePort,
    tokens: { api: token(env, 'API_TOKEN'), metrics: token(env, 'METRICS_TOKEN') },
    serviceEnvironment: { ...rest, HOST: '127.0.0.1', PORT: String(servicePort) },
  };
}
