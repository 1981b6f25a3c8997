// What went wrong with a call, as one type: a problem document of the server (RFC 9457), or the lack of an answer.

/** Codes that no server gave: nobody answered, something else than the router answered, or the run had not ended in time. */
export type LocalApiErrorCode = 'unreachable' | 'bad_answer' | 'wait_timeout';

export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  /** Stable; its meaning never changes. */
  readonly code: string;
  readonly detail: string;
  /** The offending field, parameter, header or bound. */
  readonly field?: string | undefined;
  readonly request_id?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export class WorkflowApiError extends Error {
  override readonly name = 'WorkflowApiError';
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** How often the request was sent; more than once means that an earlier one may have taken effect. */
  readonly tries: number;

  constructor(
    /** The whole document, with whatever facts the server added. */
    readonly problem: Problem,
    { cause, tries = 1 }: { cause?: unknown; tries?: number } = {},
  ) {
    super(problem.detail, cause === undefined ? undefined : { cause });
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field;
    this.requestId = problem.request_id;
    this.tries = tries;
  }
}

/** The server's problem document, or one that says what came instead. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  const { status } = response;
  try {
    const body = JSON.parse(text) as Partial<Problem> | null;
    if (typeof body?.code === 'string') return { detail: body.code, ...body, status, code: body.code };
  } catch {
    // not the router's: a proxy in between, say
  }
  const beginning = text.slice(0, 200);
  return { status, code: 'bad_answer', detail: `answered ${status} ${response.statusText} without a problem document: ${beginning}` };
}
