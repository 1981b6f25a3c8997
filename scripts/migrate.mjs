// Brings the schema to DATABASE_ADMIN_URL (a login that may create roles and schemas): `pnpm migrate`. Safe to run again, and by several at once.
import { build } from './lib/turbo.mjs';

const adminUrl = process.env.DATABASE_ADMIN_URL;
if (!adminUrl) {
  console.error('DATABASE_ADMIN_URL is not set: the URL of a login that may create roles and schemas');
  process.exit(1);
}
if ((await build('@singularity-workflow/core')) !== 0) process.exit(1);
const { migrate } = await import('@singularity-workflow/core');
await migrate({ adminUrl, log: console.log });
