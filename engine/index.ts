// The engine's door: what the server may take from it.

// Ports: what the engine's parts offer and what they need.
export type { InputLog } from './fold/ports.ts';
export type {
  Account,
  AccountStore,
  AuditEntry,
  AuditLog,
  DeviceCredential,
  DocumentKind,
  DocumentStore,
  RecordReader,
  Recorder,
  Session,
  StoredDocument,
} from './store/ports.ts';
