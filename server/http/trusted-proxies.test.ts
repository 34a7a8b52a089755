import { expect, it } from 'vitest';
import { trustedProxies } from './trusted-proxies.ts';

it('believes the listed addresses and networks, in both families', () => {
  const trust = trustedProxies('10.0.0.0/8, 192.0.2.7, fd00::/8, loopback');
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1', '127.0.0.1', '::1'])
    expect(trust(address, 0)).toBe(true);
  for (const address of ['11.0.0.1', '192.0.2.8', '2001:db8::1', '', 'nonsense']) expect(trust(address, 0)).toBe(false);
});

it('believes nobody by default', () => {
  expect(trustedProxies()('127.0.0.1', 0)).toBe(false);
});

it('names what is neither an address nor a network', () => {
  for (const part of ['proxy.example', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/'])
    expect(() => trustedProxies(`127.0.0.1, ${part}`)).toThrow(`not ${part}`);
});
