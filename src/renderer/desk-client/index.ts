export { desk, keepConnected, useConnection } from './connection.ts';
export { failureOf, isOutcomeOpen, type Failure } from './failure.ts';
export { followEvents, forgetOperator, queries, queryClient } from './queries.ts';
export { useAct, type Act } from './act.ts';
