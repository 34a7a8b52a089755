// The part of node-red-node-test-helper that test/palette.ts uses; the package brings no types.
declare module 'node-red-node-test-helper' {
  interface LoadedNode {
    receive(message: object): void;
    on(event: 'input', heard: (message: Record<string, unknown>) => void): void;
    on(event: 'call:status', heard: (call: { args: { fill?: string; shape?: string; text?: string }[] }) => void): void;
  }
  const helper: {
    init(nodeRedPath: string): void;
    startServer(): Promise<void>;
    stopServer(): Promise<void>;
    settings(settings: object): void;
    load(file: object, flow: object[]): Promise<void>;
    unload(): Promise<void>;
    setFlows(flow: object[], type: 'nodes'): Promise<void>;
    getNode(id: string): LoadedNode;
  };
  export default helper;
}
