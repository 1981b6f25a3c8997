// What compose.yaml must keep, beyond what the tool itself checks.

interface Service {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: unknown;
  readonly ports?: readonly string[];
  readonly container_name?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const SECRET = /PASSWORD|TOKEN|_URL$/;
const DEFAULT_ONLY = /^\$\{[A-Z_]+:-(development|\.\/docker\/development\/[\w-]+)\}$/;
/** A secret is a variable with a default that says what it is for, or lies in a file. */
function isHidden(name: string, value: string): boolean {
  if (name.endsWith('_FILE')) return value.startsWith('/run/secrets/');
  const password = /^postgres:\/\/\w+:([^@]+)@/.exec(value)?.[1] ?? value;
  return DEFAULT_ONLY.test(password);
}

function mistakesOfService(name: string, service: Service, scalable: readonly string[]): string[] {
  const { environment = {}, ports = [], depends_on: dependencies = {}, image } = service;
  const checked = service.healthcheck !== undefined || image?.startsWith('singularity-workflow/') === true;
  const open = Object.entries(environment).filter(([key, value]) => SECRET.test(key) && !isHidden(key, value));
  return [
    ...(checked ? [] : [`${name} has no health check`]),
    ...open.map(([key]) => `${name}: ${key} is written down`),
    ...ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${name}: ${port} is open to the network`),
    ...(scalable.includes(name) && service.container_name !== undefined ? [`${name} has one name: it cannot be scaled`] : []),
    ...(scalable.includes(name) && ports.some((port) => !/^127\.0\.0\.1:\d+-\d+:/.test(port))
      ? [`${name} has one port: it cannot be scaled`]
      : []),
    ...(scalable.includes(name) && dependencies['migrate']?.condition !== 'service_completed_successfully'
      ? [`${name} does not wait for the migration`]
      : []),
  ];
}

export function mistakesOf({ services, secrets }: Compose, scalable: readonly string[]): string[] {
  const missing = scalable.filter((name) => !(name in services)).map((name) => `there is no ${name}`);
  const kept = Object.entries(secrets)
    .filter(([, { file }]) => !DEFAULT_ONLY.test(file))
    .map(([name]) => `the secret ${name} is not a setting`);
  return [...missing, ...kept, ...Object.entries(services).flatMap(([name, service]) => mistakesOfService(name, service, scalable))];
}
