// The engine's door: what the server may take from it, by room.

// rules: what an author wrote, checked
export { createRuleCatalogue, type RuleCatalogue } from './rules/check/catalogue.ts';
export { pointsByType } from './rules/check/points.ts';
export { checkInterlock, checkNamedCondition, checkRule, parseRule } from './rules/parse-rule.ts';
export { evaluateObserved } from './rules/evaluate-observed.ts';

// facts: the city's calendar
export { isHolidayRegion } from './facts/holidays.ts';

// schedules: calendars, what comes due and when
export { Calendars } from './schedules/calendars.ts';
export { checkCalendar } from './schedules/check-calendar.ts';
export { checkSchedule } from './schedules/check-schedule.ts';
export { MOST_PREVIEW_DAYS, previewSchedule, type Preview } from './schedules/preview.ts';
export { inScope } from './rules/scope.ts';

// fold: the log and the one active engine
export { Engine, type EngineEvent } from './fold/engine.ts';
export { explainPast } from './fold/explain-past.ts';
export type { Past } from './fold/past-port.ts';
export type { InputLog } from './fold/ports.ts';
export { runRuleTests } from './fold/rule-test-runner.ts';
export type { TestCity } from './fold/test-city.ts';
export { RedisCheckpointStore } from './fold/redis-checkpoint.ts';
export { RedisLease } from './fold/redis-lease.ts';
export { RedisLog } from './fold/redis-log.ts';

// actions: commands on their way, and what pages see
export { BullmqCommandQueue } from './actions/bullmq-command-queue.ts';
export { CommandWorker } from './actions/command-worker.ts';
export { FactInterlockCheck, interlockFactsIn } from './actions/interlock-check.ts';
export { KnownDocuments } from './actions/known-documents.ts';
export { RedisLedger } from './actions/ledger.ts';
export { RedisLiveSource } from './actions/live-source.ts';
export { BullmqMessageQueue } from './actions/message-queue.ts';
export { BullmqRunQueue } from './actions/run-queue.ts';
export { createMessageSender } from './actions/message-sender.ts';
export { createMailSender } from './actions/send-mail.ts';
export { RedisRestraintCheck, RedisRestraints } from './actions/restraints.ts';
export { RedisOutputSink } from './actions/output-sink.ts';
export { registerQueueMetrics } from './actions/queue-metrics.ts';
export { closeRedis, openRedis } from './actions/redis-connections.ts';

// control: what keeps points from being moved
export { RestraintIndex, whyRestrained } from './control/restraints.ts';

// adapters: devices
export { RedisListenerLease } from './adapters/listener-lease.ts';
export { registerListenerMetrics } from './adapters/listener-metrics.ts';
export { EmbeddedBroker } from './adapters/mqtt/broker.ts';
export { MqttAdapter } from './adapters/mqtt/mqtt-adapter.ts';
export { MqttListener } from './adapters/mqtt/mqtt-listener.ts';

// store: the record plane
export { createAccountStore } from './store/accounts.ts';
export { createTokenStore } from './store/tokens.ts';
export { createAuditLog } from './store/audit.ts';
export { ChainCheck } from './store/audit-chain.ts';
export { createDocumentStore } from './store/documents.ts';
export { openDatabase } from './store/open-database.ts';
export { nextIncarnation } from './store/incarnations.ts';
export { createRecordReader } from './store/reader.ts';
export { createRecordedPast } from './store/recorded-past.ts';
export { BatchRecorder } from './store/recorder.ts';
export { Retention } from './store/retention.ts';
export { EDIT_VERBS } from './store/ports.ts';
export type {
  Account,
  AccountStore,
  AuditLog,
  Database,
  DocumentKind,
  DocumentStore,
  RecordReader,
  StoredDocument,
  Token,
  TokenStore,
} from './store/ports.ts';
