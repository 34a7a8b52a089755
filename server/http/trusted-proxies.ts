// Which reverse proxies are believed when they say who is behind them and under which name.
import { BlockList, isIP } from 'node:net';

/** Says whether a proxy at this address is believed; `hop` is 0 for the nearest. */
export type TrustProxy = (address: string, hop: number) => boolean;

/**
 * Reads a list of addresses and networks, separated by commas: `127.0.0.1, 10.0.0.0/8, fd00::/8`, or `loopback`.
 *
 * @param list default: nobody is believed
 * @throws RangeError that names the first part which is neither
 */
export function trustedProxies(list?: string): TrustProxy {
  const trusted = new BlockList();
  for (const part of (list ?? '').split(',').map((each) => each.trim())) if (part !== '') add(trusted, part);
  return (address) => {
    const plain = /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
    const version = isIP(plain);
    return version !== 0 && trusted.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };
}

function add(trusted: BlockList, part: string): void {
  if (part === 'loopback') {
    trusted.addSubnet('127.0.0.0', 8, 'ipv4');
    trusted.addAddress('::1', 'ipv6');
    return;
  }
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? [];
  const version = isIP(address);
  const most = version === 6 ? 128 : 32;
  if (version === 0 || Number(bits ?? most) > most)
    throw new RangeError(`allowed is a list of addresses, networks such as 10.0.0.0/8, or loopback; not ${part}`);
  trusted.addSubnet(address, Number(bits ?? most), version === 6 ? 'ipv6' : 'ipv4');
}
