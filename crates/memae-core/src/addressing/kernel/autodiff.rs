//! Gradients on every backend that has the fused operation.
//!
//! The read and its entropy come from one operation but are two nodes of the graph, and a backward
//! step belongs to one node. So the entropy's node has queries and items for its parents and does all
//! the work, and the read's node has the entropy's node for its parent and hands its gradient over:
//!
//! ```text
//! queries, items  ->  entropy  ->  read
//! ```

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};

use crate::addressing::kernel::ops::MemoryOps;
use crate::addressing::kernel::primitives::{Kept, ReadGradients, ReadPrimitives, ReadSettings};

/// The gradient of the read, on its way from the read's backward step to the entropy's.
type Handover<B> = Arc<Mutex<Option<FloatTensor<B>>>>;

#[derive(Debug)]
struct EntropyStep<B>(PhantomData<B>);

#[derive(Debug, Clone)]
struct EntropyState<B: Backend> {
    queries: FloatTensor<B>,
    items: FloatTensor<B>,
    settings: ReadSettings,
    kept: Kept,
    read_gradient: Handover<B>,
}

impl<B: Backend + MemoryOps> Backward<B, 2> for EntropyStep<B> {
    type State = EntropyState<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let entropy_gradient = grads.consume::<B>(&ops.node);
        let EntropyState {
            queries,
            items,
            settings,
            kept,
            read_gradient,
        } = ops.state;
        let read_gradient = read_gradient
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| {
                B::float_zeros(queries.shape(), &queries.device(), queries.dtype().into())
            });
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let gradients = B::memory_read_backward(
            queries,
            items,
            read_gradient,
            entropy_gradient,
            settings,
            kept,
            wanted,
        );
        for (parent, gradient) in ops
            .parents
            .into_iter()
            .zip([gradients.queries, gradients.items])
        {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

#[derive(Debug)]
struct ReadStep<B>(PhantomData<B>);

#[derive(Debug, Clone)]
struct ReadState<B: Backend> {
    handover: Handover<B>,
    /// Stands for "no gradient of the entropy from here".
    no_gradient: FloatTensor<B>,
}

impl<B: Backend> Backward<B, 1> for ReadStep<B> {
    type State = ReadState<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<B>(&ops.node);
        let [entropy] = ops.parents;
        if let Some(entropy) = entropy {
            *ops.state
                .handover
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(gradient);
            // A node without a gradient is not stepped through.
            grads.register::<B>(entropy.id, ops.state.no_gradient);
        }
    }
}

impl<B: Backend + MemoryOps, C: CheckpointStrategy> MemoryOps for Autodiff<B, C> {
    fn memory_read(
        queries: FloatTensor<Self>,
        items: FloatTensor<Self>,
        settings: ReadSettings,
    ) -> ReadPrimitives<Self> {
        let nodes = [queries.node(), items.node()];
        let (queries, items) = (queries.into_primitive(), items.into_primitive());
        match EntropyStep::<B>(PhantomData)
            .prepare::<C>(nodes)
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prepared) => {
                let settings = ReadSettings {
                    backward_follows: true,
                    ..settings
                };
                let output = B::memory_read(queries.clone(), items.clone(), settings);
                let handover = Handover::<B>::default();
                let state = EntropyState {
                    queries,
                    items,
                    settings,
                    kept: output.kept,
                    read_gradient: handover.clone(),
                };
                let no_gradient = B::float_zeros(
                    output.entropy.shape(),
                    &output.entropy.device(),
                    output.entropy.dtype().into(),
                );
                let entropy = prepared.finish(state, output.entropy);
                let state = ReadState {
                    handover,
                    no_gradient,
                };
                let read = match ReadStep::<B>(PhantomData)
                    .prepare::<C>([entropy.node()])
                    .compute_bound()
                    .stateful()
                {
                    OpsKind::Tracked(prepared) => prepared.finish(state, output.read),
                    OpsKind::UnTracked(prepared) => prepared.finish(output.read),
                };
                ReadPrimitives {
                    read,
                    entropy,
                    rows: output.rows,
                    read_counts: output.read_counts,
                    read_sums: FloatTensor::<Self>::new(output.read_sums),
                    kept: Kept::default(),
                }
            }
            OpsKind::UnTracked(prepared) => {
                let output = B::memory_read(queries, items, settings);
                ReadPrimitives {
                    read: FloatTensor::<Self>::new(output.read),
                    entropy: prepared.finish(output.entropy),
                    rows: output.rows,
                    read_counts: output.read_counts,
                    read_sums: FloatTensor::<Self>::new(output.read_sums),
                    kept: Kept::default(),
                }
            }
        }
    }

    fn memory_read_backward(
        queries: FloatTensor<Self>,
        items: FloatTensor<Self>,
        read_gradient: FloatTensor<Self>,
        entropy_gradient: FloatTensor<Self>,
        settings: ReadSettings,
        kept: Kept,
        wanted: [bool; 2],
    ) -> ReadGradients<Self> {
        let gradients = B::memory_read_backward(
            queries.into_primitive(),
            items.into_primitive(),
            read_gradient.into_primitive(),
            entropy_gradient.into_primitive(),
            settings,
            kept,
            wanted,
        );
        ReadGradients {
            queries: FloatTensor::<Self>::new(gradients.queries),
            items: FloatTensor::<Self>::new(gradients.items),
        }
    }
}
