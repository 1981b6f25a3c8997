// openapi-typescript generates through the compiler's JavaScript API, which TypeScript 7 has not: it gets a compiler of its own. (Neither
// `overrides` nor `packageExtensions` of pnpm 12 can turn its peer dependency into a dependency.)
function readPackage(manifest) {
  if (manifest.name !== 'openapi-typescript') return manifest;
  const { typescript: _peer, ...peerDependencies } = manifest.peerDependencies;
  return { ...manifest, peerDependencies, dependencies: { ...manifest.dependencies, typescript: '5.9.3' } };
}

module.exports = { hooks: { readPackage } };
