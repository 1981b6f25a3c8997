import { Option } from 'commander';

export interface AdminOptions {
  readonly adminUrl: string;
}

/** For the few commands that speak to PostgreSQL and not to a router. */
export const adminUrlOption = (): Option =>
  new Option('--admin-url <url>', 'a login that may create roles and schemas: postgres://user:password@host:5432/database')
    .env('DATABASE_ADMIN_URL')
    .makeOptionMandatory();
