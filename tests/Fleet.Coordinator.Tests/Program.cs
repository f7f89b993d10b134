using Fleet.Coordinator.Tests.Stores;

// The test host never comes here. Tests that kill a process start this assembly as that process.
if (args is not [AppendingChild.Mode, var folder])
    return 2;
await AppendingChild.RunAsync(folder);
return 0;
