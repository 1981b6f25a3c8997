import { mermaid } from '../src/definitions/mermaid.js';

describe('the drawing of a definition', () => {
  it('has a box per step, a stack per map, and an arrow per dependency', () => {
    const drawing = mermaid({
      slug: 'fulfil-order',
      steps: [
        { slug: 'reserve' },
        { slug: 'charge', depends_on: ['reserve'] },
        { slug: 'ship', kind: 'map', over: 'reserve.parcels' },
        { slug: 'end', depends_on: ['charge', 'ship'] },
      ],
    });
    expect(drawing.split('\n')).toEqual([
      'flowchart TD',
      '  s0["reserve"]',
      '  s1["charge"]',
      '  s2[["ship"]]',
      '  s3["end"]',
      '  s0 --> s1',
      '  s0 -->|"each of parcels"| s2',
      '  s1 --> s3',
      '  s2 --> s3',
      '',
    ]);
  });

  it('draws the source of a map once, also where it is a dependency too', () => {
    const drawing = mermaid({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', kind: 'map', over: 'a', depends_on: ['a'] }] });
    expect(drawing).toContain('s0 -->|"each"| s1');
    expect(drawing.match(/-->/g)).toHaveLength(1);
  });
});
