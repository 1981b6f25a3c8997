import { isUtf8 } from 'node:buffer';
import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isFinalRunStatus } from '@singularity-workflow/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { answerWith, HomeRelay } from '../homes/home-relay.js';
import type { SubmissionCall } from '../homes/submission-call.js';
import { Submissions } from '../homes/submissions.js';
import { idempotencyKey, NoQuery, wait } from '../wire/fields.js';
import { goneSignal } from '../wire/gone.js';
import { Refusal } from '../wire/refusal.js';
import { runOnWire } from '../wire/run.mapping.js';
import { BatchBody, ExecuteBody, Run, StartBody, Started, StartedBatch } from '../wire/run.wire.js';
import { RunEnds } from './run-ends.js';

const StartQuery = z.strictObject({ wait: wait.optional() });
type StartQuery = z.output<typeof StartQuery>;

/** What one start needs beside its body. */
interface Call {
  waitMs: number | undefined;
  request: FastifyRequest;
  reply: FastifyReply;
}

@ApiTags('runs')
@Controller('api/workflows')
export class StartController {
  constructor(
    private readonly submissions: Submissions,
    private readonly relay: HomeRelay,
    private readonly ends: RunEnds,
    private readonly reads: Reads,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Starts a run' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same as idempotency_key.' })
  @Answers(202, Started, 'Stored; the run goes on by itself.')
  @Answers(200, Run, 'With ?wait: the run has ended.')
  @Refuses(400, 409, 413, 415, 422, 429, 503)
  start(
    @Body({ schema: StartBody }) body: StartBody,
    @Query({ schema: StartQuery }) query: StartQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.startOne(body, { waitMs: query.wait, request, reply });
  }

  @Post('execute')
  @HttpCode(202)
  @ApiOperation({ summary: 'Starts a run: the same as POST /api/workflows, as goal and opts' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same as opts.idempotency_key.' })
  @Answers(202, Started, 'Stored; the run goes on by itself.')
  @Answers(200, Run, 'With ?wait: the run has ended.')
  @Refuses(400, 409, 413, 415, 422, 429, 503)
  execute(
    @Body({ schema: ExecuteBody }) { goal, opts }: ExecuteBody,
    @Query({ schema: StartQuery }) query: StartQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.startOne({ ...opts, workflow: goal }, { waitMs: query.wait, request, reply });
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({ summary: 'Starts up to 1,000 runs; answers for each' })
  @Answers(200, StartedBatch, 'A result per element, in their order.')
  @Refuses(400, 413, 415, 422, 503)
  async batch(
    @Body({ schema: BatchBody }) body: BatchBody,
    @Query({ schema: NoQuery }) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    if (request.headers['idempotency-key'] !== undefined) {
      throw new Refusal('invalid_request', 'Idempotency-Key names one run; in a batch each element has its own idempotency_key.', {
        field: 'Idempotency-Key',
      });
    }
    return { results: await this.submissions.many(body.workflows, this.callOf({ request, reply, waitMs: undefined })) };
  }

  private async startOne(body: StartBody, { waitMs, request, reply }: Call): Promise<object> {
    const key = request.headers['idempotency-key'];
    const submitted = await this.submissions.one(
      key === undefined ? body : withKey(body, String(key)),
      this.callOf({ waitMs, request, reply }),
    );
    if (submitted.key !== null) reply.header('idempotency-key', submitted.key);
    if ('forwarded' in submitted) return answerWith(submitted.forwarded, reply) ?? {};
    const { started } = submitted;
    if (waitMs === undefined || started.status === 'requested') return started;
    const ended = isFinalRunStatus(started.status) || (await this.ends.wait(started.run_id, waitMs, goneSignal(reply)));
    const run = ended ? await this.reads.primary.runs.get(started.run_id) : null;
    if (!run || !isFinalRunStatus(run.status)) return started;
    reply.code(200);
    return runOnWire(run, { region: started.executed_on });
  }

  private callOf({ request, reply, waitMs }: Call): SubmissionCall {
    const bytes = Number(request.headers['content-length'] ?? request.routeOptions.bodyLimit);
    return { request, isForwarded: this.relay.isForwarded(request), bytes, waitMs, gone: () => goneSignal(reply) };
  }
}

/** The header's bytes are UTF-8, which Node hands over as Latin-1. */
function withKey(body: StartBody, header: string): StartBody {
  const bytes = Buffer.from(header, 'latin1');
  if (!isUtf8(bytes)) throw new Refusal('bad_utf8', 'Idempotency-Key is not valid UTF-8.', { field: 'Idempotency-Key' });
  const parsed = idempotencyKey.safeParse(bytes.toString('utf8'));
  if (!parsed.success) {
    throw new Refusal('bad_idempotency_key', `Idempotency-Key ${parsed.error.issues[0]?.message ?? 'is refused'}.`, {
      field: 'Idempotency-Key',
    });
  }
  if (body.idempotency_key !== undefined && body.idempotency_key !== parsed.data) {
    throw new Refusal('idempotency_key_mismatch', 'The header Idempotency-Key and the field idempotency_key differ.', {
      field: 'Idempotency-Key',
    });
  }
  return { ...body, idempotency_key: parsed.data };
}
