// Each test has a fleet of processes on two cores: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
