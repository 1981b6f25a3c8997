// The OpenAPI document, made from the same zod schemas that check the requests: it cannot say anything else than what is done.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiResponse, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from './wire/problem.js';

const REASONS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  401: 'No API key that counts.',
  403: 'The API key may not do that.',
  404: 'What the path names is not there.',
  409: 'Not in this state.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  422: 'The request can be read and is not allowed.',
  429: 'Too many at once; Retry-After says when to come again.',
  503: 'The database does not answer; Retry-After says when to come again.',
};

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** What an endpoint answers. */
export function Answers(status: number, schema: z.ZodType, description: string): MethodDecorator {
  return ApiResponse({ status, description, standardSchema: schema as never });
}

/** Which statuses an endpoint refuses with besides 401 and 403, each with a problem document. */
export function Refuses(...statuses: number[]): MethodDecorator {
  return (target, key, descriptor) => {
    for (const status of [401, 403, ...statuses]) {
      const schema = { $ref: '#/components/schemas/Problem' };
      const content = { 'application/problem+json': { schema } };
      ApiResponse({ status, description: REASONS[status] ?? 'Refused.', content })(target, key, descriptor);
    }
  };
}

export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = 'Durable workflows on PostgreSQL. Errors are problem documents (RFC 9457) with a stable code.';
  const head = new DocumentBuilder()
    .setTitle('Singularity Workflow')
    .setDescription(description)
    .setVersion('0.1.0')
    .addBearerAuth({ type: 'http' }, 'key')
    .build();
  const document = SwaggerModule.createDocument(app, head, { autoTagControllers: false });
  const { definitions } = z.toJSONSchema(Problem, { target: 'openapi-3.0', io: 'output' });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...(definitions as Schemas) } };
  return document;
}

/** /openapi.json and Swagger UI at /docs; the document is made when it is first asked for. */
export function serveDocs(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= openApiDocument(app)), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
}

/** Swagger UI styles itself inline and embeds its pictures; nothing comes from elsewhere. */
export const docsPolicy = {
  useDefaults: false,
  directives: {
    'default-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'frame-ancestors': ["'none'"],
  },
};
