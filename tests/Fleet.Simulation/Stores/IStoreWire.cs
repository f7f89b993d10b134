namespace Fleet.Simulation.Stores;

/// <summary>One coordinator's way to the store: questions and their answers, and news that something has changed.</summary>
internal interface IStoreWire
{
    /// <summary>Has something done by the store, at one moment. Whatever that throws is the answer.</summary>
    /// <param name="carryOut">Told the moment of true time at which it was sent.</param>
    /// <param name="isWrite">It takes what a write to stable storage takes.</param>
    /// <exception cref="Fleet.Coordinator.Stores.StoreUnreachableException">No answer has come in time.</exception>
    Task<T> CallAsync<T>(Func<long, T> carryOut, bool isWrite, CancellationToken cancellation);

    /// <summary>Returns when the store has changed since <paramref name="seen"/>, or when the watch has ended and it is time to look again.</summary>
    Task ChangedAsync(long seen, CancellationToken cancellation);
}
