import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { DeskContract } from '../../shared/contract/index.ts';
import type { Failure, Result } from '../../shared/platform/result.ts';
import type { Call } from '../desk.ts';

type Inputs = InferContractRouterInputs<DeskContract>;
type Outputs = InferContractRouterOutputs<DeskContract>;

/**
 * What a feature exports for its noun: one function per operation of the contract. Expected failures are returned; a throw is a bug that the
 * dispatcher catches once. The dispatcher has parsed the input and checked the permission before the call.
 */
export type Handlers<Noun extends keyof DeskContract> = {
  readonly [Operation in keyof DeskContract[Noun]]: Operation extends keyof Inputs[Noun]
    ? Operation extends keyof Outputs[Noun]
      ? (
          input: Inputs[Noun][Operation],
          call: Call,
        ) => Result<Outputs[Noun][Operation], Failure> | Promise<Result<Outputs[Noun][Operation], Failure>>
      : never
    : never;
};
