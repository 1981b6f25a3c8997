// Process 1 of every container: starts the service and lets others in, by token. `node door/main.mjs <entry of the service>`
//
// Why: there is no authentication in the services yet, so they listen on loopback only, which in a container nobody else can reach. This is the
// proxy in front that docs/operating.md asks for, and it goes when the services have keys of their own.
// Limits: no TLS, one token for the whole API. What is inside the container (`swf`, the health check) needs none.
//
// Signals are handed on, and the door stays open until the service has ended: a drain can be watched. The exit code is the service's.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createDoor } from './proxy.mjs';
import { readSettings } from './settings.mjs';

const say = (level, msg) => console.log(JSON.stringify({ time: new Date().toISOString(), level, app: 'door', msg }));

let settings;
try {
  settings = readSettings(process.env);
} catch (error) {
  say('fatal', error.message);
  process.exit(1);
}
// What `npm start` gives to its services, too.
const nodeArguments = JSON.parse(readFileSync(new URL('../node-arguments.json', import.meta.url), 'utf8'));
const [entry, ...rest] = process.argv.slice(2);
const service = spawn(process.execPath, [...nodeArguments, entry, ...rest], { stdio: 'inherit', env: settings.serviceEnvironment });
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => service.kill(signal));
service.once('error', (error) => {
  say('fatal', `the service could not be started: ${error.message}`);
  process.exit(1);
});
service.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

const door = createDoor(settings);
door.once('error', (error) => {
  say('fatal', `the door cannot be opened: ${error.message}`);
  process.exitCode = 1;
  service.kill('SIGTERM');
});
door.listen(settings.doorPort);
