import type { AnySchema, InferSchemaInput, InferSchemaOutput } from '@orpc/contract';
import type { DeskContract } from '../../shared/contract/index.ts';
import type { Failure, Result } from '../../shared/platform/result.ts';
import type { Call } from '../desk.ts';

/** The input as the handler gets it: parsed, defaults filled in. */
export type OperationInput<Operation> = Operation extends { '~orpc': { inputSchema?: infer Schema } }
  ? Schema extends AnySchema
    ? InferSchemaOutput<Schema>
    : never
  : never;
/** What the handler may return: the dispatcher parses it and fills in the defaults. */
export type OperationOutput<Operation> = Operation extends { '~orpc': { outputSchema?: infer Schema } }
  ? Schema extends AnySchema
    ? InferSchemaInput<Schema>
    : never
  : never;

export type Handler<Operation> = (
  input: OperationInput<Operation>,
  call: Call,
) => Result<OperationOutput<Operation>, Failure> | Promise<Result<OperationOutput<Operation>, Failure>>;

/**
 * What a feature exports for its noun: one function per operation of the contract. Expected failures are returned; a throw is a bug that the
 * dispatcher catches once. The dispatcher has parsed the input and checked the permission before the call.
 */
export type Handlers<Noun extends keyof DeskContract> = {
  readonly [Operation in keyof DeskContract[Noun]]: Handler<DeskContract[Noun][Operation]>;
};

/** Every noun of the contract with its handlers. */
export type DeskHandlers = { readonly [Noun in keyof DeskContract]: Handlers<Noun> };
