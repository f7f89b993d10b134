using Fleet.Coordinator.Tests.Stores;
using Fleet.Coordinator.Tests.Stores.Postgres;
using Fleet.Coordinator.Tests.Timing;

// The test host never comes here. Tests that kill a process start this assembly as that process; a person may ask how long things take.
if (args is ["time-failover"])
    return await FailoverTiming.RunAsync();
if (args is ["time-etcd"])
    return await EtcdTiming.RunAsync();
if (args is [PostgresTiming.Mode])
    return await PostgresTiming.RunAsync();
if (args is [PostgresTiming.LeadMode, var connection])
{
    await PostgresTiming.LeadAsync(connection);
    return 0;
}

if (args is not [AppendingChild.Mode, var folder])
    return 2;
await AppendingChild.RunAsync(folder);
return 0;
