import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DefinitionStore, type VersionRow, type WorkflowDefinition } from '@singularity-workflow/core';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Decisions } from '../keys/decisions.js';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { Cursor } from '../wire/cursor.js';
import { type Consistency, count, NoQuery, page, reading, slug, version } from '../wire/fields.js';
import { Refusal } from '../wire/refusal.js';
import { Activated, Definition, DefinitionBody, DefinitionPage, Registered, VersionPage } from '../wire/definition.wire.js';
import { mermaid } from './mermaid.js';

type DefinitionVersion = VersionRow & { definition: WorkflowDefinition };

const PageQuery = z.strictObject({ ...page, ...reading });
const ReadQuery = z.strictObject({ format: z.enum(['json', 'mermaid']).default('json'), ...reading });
const SlugParams = z.strictObject({ slug });
const VersionParams = z.strictObject({ slug, version: count(2_147_483_647) });
type PageQuery = z.output<typeof PageQuery>;
type ReadQuery = z.output<typeof ReadQuery>;

const slugCursor = new Cursor('definitions', slug);
const versionCursor = new Cursor('versions', version);

@ApiTags('definitions')
@Controller('api/definitions')
export class DefinitionsController {
  constructor(
    private readonly reads: Reads,
    private readonly definitions: DefinitionStore,
    private readonly decisions: Decisions,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Registers a definition; the same content twice is one version, other content a new one' })
  @Answers(201, Registered, 'A new version.')
  @Answers(200, Registered, 'It was registered before.')
  @Answers(202, Registered, 'In a mesh: it is stored, and gets its version when the log has it.')
  @Refuses(400, 413, 415, 422, 503)
  async register(
    @Body({ schema: DefinitionBody }) body: DefinitionBody,
    @Query({ schema: NoQuery }) _query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof Registered>> {
    const definition = body as unknown as WorkflowDefinition;
    const { definitionId, slug: name, created, activated, ...now } = await this.definitions.register(definition);
    const registered = { slug: name, definition_id: definitionId, created, activated };
    if (now.version !== null) {
      if (!created) reply.code(200);
      return { ...registered, version: now.version };
    }
    const decided = (await this.decisions.isDecided({ definitionId })) ? await this.definitions.register(definition) : now;
    reply.code(decided.version === null ? 202 : created ? 201 : 200);
    return { ...registered, version: decided.version, activated: await this.isActive(name, decided.version) };
  }

  @Get()
  @ApiOperation({ summary: 'Lists the workflows by slug' })
  @Answers(200, DefinitionPage, 'A page.')
  @Refuses(400, 422, 503)
  async list(
    @Query({ schema: PageQuery }) query: PageQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof DefinitionPage>> {
    const { readers } = this.reads.from(query.consistency, reply);
    const found = await readers.definitions.list({ after: slugCursor.read(query.cursor), limit: query.limit });
    const definitions = found.map((workflow) => ({
      slug: workflow.slug,
      active_version: workflow.activeVersion,
      latest_version: workflow.latestVersion,
      registered_at: workflow.registeredAt.toISOString(),
    }));
    return { definitions, next_cursor: slugCursor.after(found, query.limit, ({ slug: last }) => last) };
  }

  @Get(':slug')
  @ApiOperation({ summary: 'Reads the active version; ?format=mermaid draws it' })
  @Answers(200, Definition, 'The definition.')
  @Refuses(404, 422, 503)
  async active(
    @Param({ schema: SlugParams }) params: z.output<typeof SlugParams>,
    @Query({ schema: ReadQuery }) query: ReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return shown(await this.found(params, query.consistency, reply), query, reply);
  }

  @Get(':slug/versions')
  @ApiOperation({ summary: 'Lists the versions of a workflow, newest first' })
  @Answers(200, VersionPage, 'A page.')
  @Refuses(400, 404, 422, 503)
  async versions(
    @Param({ schema: SlugParams }) params: z.output<typeof SlugParams>,
    @Query({ schema: PageQuery }) query: PageQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof VersionPage>> {
    const before = versionCursor.read(query.cursor);
    const { row } = await this.reads.find(query.consistency, reply, async ({ definitions }) => {
      const page = await definitions.versions({ slug: params.slug, before, limit: query.limit });
      return page.length === 0 && before === undefined ? null : page;
    });
    if (row === null) throw notFound(params.slug);
    const versions = row;
    return { versions: versions.map(headOnWire), next_cursor: versionCursor.after(versions, query.limit, ({ version: last }) => last) };
  }

  @Get(':slug/:version')
  @ApiOperation({ summary: 'Reads a version; ?format=mermaid draws it' })
  @Answers(200, Definition, 'The definition.')
  @Refuses(404, 422, 503)
  async version(
    @Param({ schema: VersionParams }) params: z.output<typeof VersionParams>,
    @Query({ schema: ReadQuery }) query: ReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return shown(await this.found(params, query.consistency, reply), query, reply);
  }

  @Post(':slug/:version/activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'A start by slug takes this version from now on' })
  @Answers(200, Activated, 'It is active.')
  @Answers(202, Activated, 'In a mesh: it is active when the log has it.')
  @Refuses(404, 422, 503)
  async activate(
    @Param({ schema: VersionParams }) params: z.output<typeof VersionParams>,
    @Query({ schema: NoQuery }) _query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof Activated>> {
    if (!(await this.reads.primary.definitions.get(params))) throw notFound(params.slug, params.version);
    const { definitionId, slug: name, version: number } = await this.definitions.activate(params);
    if (!(await this.decisions.isDecided({ definitionId }))) reply.code(202);
    return { slug: name, version: number, definition_id: definitionId };
  }

  private async isActive(name: string, number: number | null): Promise<boolean> {
    return number !== null && (await this.reads.primary.definitions.get({ slug: name }))?.version === number;
  }

  private async found(
    wanted: { slug: string; version?: number },
    consistency: Consistency,
    reply: FastifyReply,
  ): Promise<DefinitionVersion> {
    const { row } = await this.reads.find(consistency, reply, ({ definitions }) => definitions.get(wanted));
    if (!row) throw notFound(wanted.slug, wanted.version);
    return row;
  }
}

function notFound(name: string, number?: number): Refusal {
  const detail = number === undefined ? `There is no active workflow ${name}.` : `Workflow ${name} has no version ${number}.`;
  return new Refusal('definition_not_found', detail, { field: number === undefined ? 'slug' : 'version' });
}

function headOnWire(found: VersionRow): z.infer<typeof VersionPage>['versions'][number] {
  return {
    slug: found.slug,
    version: found.version,
    definition_id: found.definitionId,
    active: found.active,
    registered_at: found.registeredAt.toISOString(),
    activated_at: found.activatedAt?.toISOString() ?? null,
  };
}

function shown(found: DefinitionVersion, { format }: ReadQuery, reply: FastifyReply): z.infer<typeof Definition> | string {
  const drawing = mermaid(found.definition);
  if (format === 'json') return { ...headOnWire(found), definition: found.definition, mermaid: drawing };
  reply.type('text/plain; charset=utf-8');
  return drawing;
}
