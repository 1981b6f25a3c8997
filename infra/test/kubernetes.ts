// What every object of infra/kubernetes must keep.

interface Env {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}

interface Container {
  readonly name: string;
  readonly env?: readonly Env[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly resources?: { readonly requests?: { readonly cpu?: string; readonly memory?: string } };
  readonly securityContext?: { readonly readOnlyRootFilesystem?: boolean; readonly allowPrivilegeEscalation?: boolean };
}

interface Probe {
  readonly httpGet?: { readonly path: string };
}

interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { readonly runAsNonRoot?: boolean };
  readonly containers: readonly Container[];
}

type Labels = Readonly<Record<string, string>>;

export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly selector?: { readonly matchLabels: Labels };
    readonly podSelector?: { readonly matchLabels: Labels };
    readonly policyTypes?: readonly string[];
    readonly scaleTargetRef?: { readonly name: string };
  };
}

const DRAIN_SECONDS = 30;

function mistakesOfContainer(owner: string, container: Container, isService: boolean): string[] {
  const { env = [], livenessProbe, readinessProbe, startupProbe, resources, securityContext } = container;
  const open = env.filter(({ name, valueFrom }) => /PASSWORD|TOKEN|_URL$/.test(name) && valueFrom?.secretKeyRef === undefined);
  const probes =
    livenessProbe?.httpGet?.path === '/health/live' && readinessProbe?.httpGet?.path === '/health/ready' && startupProbe !== undefined;
  return [
    ...open.map(({ name }) => `${owner}: ${name} is no reference to a secret`),
    ...(isService && !probes ? [`${owner} is not probed as it should be`] : []),
    ...(resources?.requests?.cpu && resources.requests.memory ? [] : [`${owner} requests no resources`]),
    ...(securityContext?.readOnlyRootFilesystem && securityContext.allowPrivilegeEscalation === false
      ? []
      : [`${owner} may write or rise`]),
  ];
}

function mistakesOfPods({ kind, metadata: { name }, spec: { template } }: KubernetesObject): string[] {
  const pod = template?.spec;
  if (pod === undefined) return [];
  const isService = kind === 'Deployment';
  return [
    ...(pod.securityContext?.runAsNonRoot ? [] : [`${name} may run as root`]),
    ...(isService && !((pod.terminationGracePeriodSeconds ?? 0) > DRAIN_SECONDS) ? [`${name} is killed before it has drained`] : []),
    ...pod.containers.flatMap((container) => mistakesOfContainer(name, container, isService)),
  ];
}

const covers = (labels: Labels, of: Labels): boolean => Object.entries(labels).every(([key, value]) => of[key] === value);

/** `apps`: the services that there must be. */
export function mistakesOf(objects: readonly KubernetesObject[], apps: readonly string[]): string[] {
  const of = (kind: string) => objects.filter((one) => one.kind === kind);
  const deployments = of('Deployment');
  const missing = apps.filter((app) => !deployments.some(({ metadata }) => metadata.name === app)).map((app) => `there is no ${app}`);
  const budgets = of('PodDisruptionBudget');
  const fences = of('NetworkPolicy').filter(({ spec }) => spec.policyTypes?.length === 2);
  const scaled = [...of('HorizontalPodAutoscaler'), ...of('ScaledObject')].map(({ spec }) => spec.scaleTargetRef?.name);
  const ofDeployments = deployments.flatMap(({ metadata: { name }, spec: { template, replicas } }) => {
    const labels = template!.metadata.labels;
    return [
      ...(budgets.some(({ spec }) => covers(spec.selector!.matchLabels, labels)) ? [] : [`${name} has no disruption budget`]),
      ...(fences.some(({ spec }) => covers(spec.podSelector!.matchLabels, labels)) ? [] : [`${name} is open to everybody`]),
      ...(scaled.includes(name) && replicas !== undefined ? [`${name} is scaled, and set back at every release`] : []),
      ...(scaled.includes(name) || (replicas ?? 1) > 1 ? [] : [`${name} is alone`]),
    ];
  });
  return [...missing, ...(of('Job').length > 0 ? [] : ['nothing migrates']), ...objects.flatMap(mistakesOfPods), ...ofDeployments];
}
