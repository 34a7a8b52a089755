// Gives the flows' broker node the department's user and password, without the environment or a file holding them in clear.

/** A broker node that is addressed by this is the department's own field bus. */
const OWN_BUS = '${FLOWS_MQTT_URL}';

/** What Node-RED tells when it is about to start flows. */
interface StartingEvent {
  config?: { flows?: readonly { id: string; type: string; broker?: unknown }[] };
}

/** The part of Node-RED's runtime that this needs; its published types leave it out. */
interface CredentialStore {
  addCredentials(id: string, credentials: object): unknown;
}

/**
 * Hands user and password to each broker node of the field bus, before the nodes are made. Brokers that people added
 * themselves keep what was entered in the editor.
 *
 * @param nodes Node-RED's `RED.nodes`
 * @returns the listener for Node-RED's `flows:starting`
 * @throws TypeError when this Node-RED keeps credentials in another way
 */
export function grantMqttAccess(nodes: object, user: string | undefined, password: string | undefined) {
  if (!isCredentialStore(nodes)) throw new TypeError('this Node-RED takes no credentials from its host');
  return ({ config }: StartingEvent): void => {
    if (user === undefined && password === undefined) return;
    for (const node of config?.flows ?? [])
      if (node.type === 'mqtt-broker' && node.broker === OWN_BUS)
        nodes.addCredentials(node.id, { user: user ?? '', password: password ?? '' });
  };
}

const isCredentialStore = (nodes: object): nodes is CredentialStore =>
  typeof Reflect.get(nodes, 'addCredentials') === 'function';
