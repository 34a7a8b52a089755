// Sends mail through the city's own mail server.
import { createHash } from 'node:crypto';
import { createTransport, type Transporter } from 'nodemailer';

/** The longest that a mail server is waited for, in milliseconds. */
const GREETING_MS = 10_000;
const SILENCE_MS = 20_000;

/** What is sent. */
export interface Mail {
  /** Becomes the Message-ID: mail programs and many servers show a message that comes twice once. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
}

/** How it ended; without `isFinal` it is worth another try. */
export type MailOutcome = { isSent: true } | { isSent: false; why: string; isFinal: boolean };

/** Sends one mail. Never rejects. */
export type SendMail = (mail: Mail) => Promise<MailOutcome>;

/** Where mail goes through, and from whom it comes. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with name and password if the server wants them. */
  url: string;
  /** The sender's address. */
  from: string;
}

/** A sender on one mail server, with a connection for each mail: an alarm goes out however long ago the last one did. */
export function createMailSender({ url, from }: MailSettings): SendMail {
  const transport = createTransport({
    url,
    connectionTimeout: GREETING_MS,
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    // A password goes over no line that can be read, this machine's own excepted.
    requireTLS: new URL(url).username !== '' && !isThisMachine(new URL(url).hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return (mail) => send(transport, from, mail);
}

/** A mail's name: the message's own, in letters that every mail server takes. */
export const mailIdOf = (messageId: string, from: string): string =>
  `<${createHash('sha256').update(messageId).digest('hex').slice(0, 40)}@${from.slice(from.lastIndexOf('@') + 1).replace(/>$/, '')}>`;

async function send(
  transport: Transporter,
  from: string,
  { messageId, to, subject, text }: Mail,
): Promise<MailOutcome> {
  try {
    await transport.sendMail({
      from,
      to,
      subject,
      text,
      messageId: mailIdOf(messageId, from),
      headers: { 'Auto-Submitted': 'auto-generated', 'Idempotency-Key': encodeURIComponent(messageId) },
    });
    return { isSent: true };
  } catch (error) {
    return { isSent: false, why: error instanceof Error ? error.message : String(error), isFinal: isFinal(error) };
  }
}

/** What a server may refuse for good is the sender, the receiver or the text; anything else, a password say, may be put right. */
const OF_THE_MAIL: readonly unknown[] = ['EENVELOPE', 'EMESSAGE'];

/** RFC 5321: 5xx will be said again, 4xx will not. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) return false;
  return typeof error.responseCode === 'number' && error.responseCode >= 500 && OF_THE_MAIL.includes(error.code);
}

const isThisMachine = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host);
