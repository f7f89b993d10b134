using Fleet.Coordinator.Tests.Stores;
using Fleet.Coordinator.Tests.Timing;

// The test host never comes here. Tests that kill a process start this assembly as that process; a person may ask how long the
// leader thinks, or how long etcd takes.
if (args is ["time-failover"])
    return await FailoverTiming.RunAsync();
if (args is ["time-etcd"])
    return await EtcdTiming.RunAsync();
if (args is not [AppendingChild.Mode, var folder])
    return 2;
await AppendingChild.RunAsync(folder);
return 0;
